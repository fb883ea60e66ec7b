"""The measured bars: each module measures one and prints what it found."""
