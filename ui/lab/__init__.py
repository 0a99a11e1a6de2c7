"""The Lab, the first page: everything on one screen, one module per block; `page` puts them together."""
