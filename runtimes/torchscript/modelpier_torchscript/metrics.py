"""Prometheus metrics of one model, each labelled with its name and version."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

#: From a small perceptron on a quiet machine to a model that needs half a minute.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LABELS = ("model", "version")


class Metrics:
    """What is counted; a registry of its own, so that a process may hold several."""

    def __init__(self, model: str, version: str) -> None:
        self.registry = CollectorRegistry()
        self._labels = (model, version)
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "modelpier_requests",
            "Inference requests answered, by HTTP status code.",
            (*_LABELS, "code"),
            registry=self.registry,
        )
        self._errors = Counter(
            "modelpier_request_errors",
            "Inference requests that failed: by the caller (client) or by the server or model.",
            (*_LABELS, "side"),
            registry=self.registry,
        )
        self.request_seconds = self._histogram(
            "modelpier_request_duration_seconds", "From a request's first byte to its answer."
        )
        self.inference_seconds = self._histogram(
            "modelpier_inference_duration_seconds", "The model's own part of a request."
        )
        self.in_flight = self._gauge(
            "modelpier_requests_in_flight", "Inference requests that are held, waiting ones included."
        )
        self.load_seconds = self._gauge(
            "modelpier_model_load_seconds", "How long loading and warming up the model took."
        )
        self.ready = self._gauge(
            "modelpier_model_ready", "1 from the warm-up's answer until the shutdown begins."
        )
        for side in ("client", "server"):  # a rate needs the series before its first increase
            self._errors.labels(*self._labels, side)

    def count(self, status: int) -> None:
        """Counts an answered inference request."""
        self._requests.labels(*self._labels, str(status)).inc()
        if status >= 400:
            self._errors.labels(*self._labels, "client" if status < 500 else "server").inc()

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes."""
        return generate_latest(self.registry)

    def _histogram(self, name: str, text: str) -> Histogram:
        metric = Histogram(name, text, _LABELS, registry=self.registry, buckets=SECONDS)
        return metric.labels(*self._labels)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, _LABELS, registry=self.registry).labels(*self._labels)
