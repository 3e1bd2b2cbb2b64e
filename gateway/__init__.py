"""The HTTP interface of the installation. A folder for each service has its routes, a file for each feature; `http` has
what all routes share, `bus` the calls to the services, `views` the answers gathered from several services. A limit of
all requests goes into `http/guards.py` or `http/rates.py`, a setting into `config.py`, a health check into `app.py`."""
