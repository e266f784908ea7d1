"""Networks that belong to no search space: any ``torch.nn.Module`` that takes images, as if it were an architecture."""
