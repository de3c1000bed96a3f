"""Tools of those who build the product: catalogues, guards and the first set-up. The running product needs none."""
