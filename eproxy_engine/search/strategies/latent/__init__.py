"""Search in a latent space: an encoder, a predictor and a decoder lie between architectures and their accuracies.

What :func:`nao` and :func:`semi_nas` have in common. Only :mod:`model` and :mod:`training` import torch.
"""
