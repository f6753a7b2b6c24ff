"""The window. Qt lives here and in `app`; the work lives in `actions`, imported only once the window is painted."""
