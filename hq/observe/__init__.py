"""What HQ tells those who run it: figures in Prometheus' text format at /metrics."""
