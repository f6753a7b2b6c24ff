"""From a finding to what puts it right: propose, apply, undo, and the recipe that does it again next period."""
