"""Run: settings, assembly, scheduler and the command line."""
