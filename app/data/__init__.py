"""The page "data": the bureau's own data imported, matched, switched and removed."""
