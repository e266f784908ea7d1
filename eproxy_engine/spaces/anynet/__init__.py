"""Residual networks of NDS (Radosavovic et al., 2019): the design spaces ResNet, ResNeXt-A and ResNeXt-B."""
