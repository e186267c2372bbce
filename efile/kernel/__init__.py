"""Who acts, for which tenant and unit, what happened and what was refused."""
