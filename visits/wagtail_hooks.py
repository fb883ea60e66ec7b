"""Registrations only: what stands behind them is in visits/staff and visits/log_actions."""

from wagtail import hooks

from visits import log_actions


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Let the history of a visit speak in sentences."""
    log_actions.register(actions)
