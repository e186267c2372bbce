"""Appointments of a case: held, booked, moved, missed; in our own calendars or another system's."""
