"""The feed of changes: one number an office, in order of commit, and what happened last to each thing."""
