"""Updates: what is offered, whether it can be trusted, and the switch to it that can be undone."""
