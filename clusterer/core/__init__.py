"""Pure decisions: functions from values to values. No I/O, no clocks, no settings."""
