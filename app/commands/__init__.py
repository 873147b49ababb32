"""The commands of ``plan-atlas``, a module for each family; `app.command_line` puts them together."""
