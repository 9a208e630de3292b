"""Every situation a case can come to, found by following the definition rather than by running cases."""
