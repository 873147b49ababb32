"""Work done in processes of its own, so that the server stays small: files, sheets, imports."""
