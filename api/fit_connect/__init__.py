"""FIT-Connect: what others send us there is picked up, filed and answered."""
