"""A stand-in for WhatsApp's Cloud API on this machine: sends nothing anywhere, shows the chats, and a person can write
back as the customer. `python -m deploy.local.whatsapp --port N --folder .run/whatsapp`
"""
