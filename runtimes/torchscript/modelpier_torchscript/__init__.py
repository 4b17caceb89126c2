"""Serves one TorchScript model over the Open Inference Protocol V2 (REST)."""

SERVER_NAME = "modelpier-torchscript"
SERVER_VERSION = "0.1.0"
