"""What the self-test asks of this machine for the store; that a store can be kept is tried with a real one."""


def vault() -> str:
    """The system's vault for secrets can be asked; that there is none on this machine is an answer."""
    import keyring
    from keyring.backend import get_all_keyring
    from keyring.errors import KeyringError

    if not get_all_keyring():
        return "no kind of vault is known"
    try:
        keyring.get_password("autoenroll-desktop", "self-test")
    except KeyringError:
        return ""
    return ""
