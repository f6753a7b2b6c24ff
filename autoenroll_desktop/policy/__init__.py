"""What an administrator has decided for this computer: the same keys in every place they can be set."""
