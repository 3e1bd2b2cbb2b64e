"""The operator's command, `vinculo`."""

import warnings

# What the services run on is no news to who operates them.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
