"""How fast requests are answered when many ask at once, a year's availability, a long list of delegates."""
