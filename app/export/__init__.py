"""The page "export": layers as files of eight formats and five coordinate systems."""
