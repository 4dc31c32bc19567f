"""The smoke test of docker-compose.yml (`make compose-smoke`): a program of its own, since it needs a Docker engine."""
