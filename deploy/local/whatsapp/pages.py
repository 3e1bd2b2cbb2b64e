"""The stand-in's pages, in Portuguese: the customers' chats, and one of them as on the customer's phone."""

from __future__ import annotations

import datetime as dt
from html import escape

from deploy.local.whatsapp.phone import Message, Phone

STYLE = """
*{box-sizing:border-box}body{font:16px/1.45 system-ui,sans-serif;margin:0;background:#efeae2;color:#1d1d1f}
header{background:#075e54;color:#fff;padding:.9rem 1rem}header a{color:#fff}h1{font-size:1.15rem;margin:0}
main{max-width:44rem;margin:0 auto;padding:1rem}.card{background:#fff;border-radius:.6rem;padding:1rem;margin:0 0 1rem}
ul{list-style:none;margin:0;padding:0}li a{display:block;padding:.7rem 0;color:inherit;text-decoration:none;
border-bottom:1px solid #e6e6e6}.bubble{max-width:80%;padding:.5rem .75rem;border-radius:.6rem;margin:.35rem 0;
white-space:pre-wrap;overflow-wrap:anywhere;width:fit-content}.out{background:#fff}.in{background:#d9fdd3;
margin-left:auto}.small{font-size:.8rem;color:#5f6b73}label{display:block;margin:.4rem 0 .15rem}
input,textarea,select{font:inherit;width:100%;padding:.5rem;border:1px solid #b8b8b8;border-radius:.4rem}
button{font:inherit;padding:.55rem 1rem;border:0;border-radius:.4rem;background:#075e54;color:#fff;
margin:.5rem .4rem 0 0}
h2{font-size:1.05rem;margin:0 0 .5rem}.row{display:grid;gap:0 .6rem}
@media(min-width:34rem){.row{grid-template-columns:2fr 1fr}}
.wrong{color:#a40000}
"""
STATES = {"accepted": "aceita", "sent": "enviada", "delivered": "entregue", "read": "lida"}
KINDS = {"image": "foto", "video": "vídeo", "audio": "áudio", "document": "documento", "template": "modelo com arquivo"}
FILES = '<option value="">Sem arquivo</option><option value="foto">Uma foto</option><option value="pdf">Um PDF</option>'


def _page(title: str, body: str, back: bool = False) -> str:
    link = '<a href="/">← Conversas</a> ' if back else ""
    return (
        '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><header>{link}<h1>{escape(title)}</h1></header><main>{body}</main></body></html>"
    )


def index(phone: Phone, wrong: str = "") -> str:
    chats = sorted(phone.chats.items(), key=lambda chat: chat[1][-1].at, reverse=True)
    lines = "".join(
        f'<li><a href="/conversas/{number}"><strong>+{number}</strong><br>'
        f'<span class="small">{escape(messages[-1].text[:80])}</span></a></li>'
        for number, messages in chats
    )
    listed = f"<ul>{lines}</ul>" if lines else "<p>Nenhuma conversa ainda.</p>"
    trouble = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    body = (
        '<p class="small">Este é o WhatsApp de demonstração: nada sai desta máquina. Escreva aqui como se fosse o '
        f'cliente.</p><section class="card">{listed}</section><section class="card"><h2>Novo cliente</h2>{trouble}'
        '<form method="post" action="/conversas"><label for="numero">Número, com país e DDD</label>'
        '<input id="numero" name="numero" inputmode="tel" placeholder="5531988887777" required>'
        '<label for="nome">Nome no WhatsApp</label><input id="nome" name="nome" maxlength="60">'
        f"{_message_fields()}<button>Enviar para a empresa</button></form></section>"
    )
    return _page("WhatsApp de demonstração", body)


def chat(phone: Phone, number: str) -> str:
    messages = phone.chats.get(number, [])
    bubbles = "".join(_bubble(one, number) for one in messages) or "<p>Nenhuma mensagem ainda.</p>"
    closed = (
        "" if phone.window_open(number) else " A janela de 24 horas está fechada: a empresa só pode enviar modelos."
    )
    body = (
        f'{bubbles}<p class="small" id="fim">Você é o cliente +{number}.{closed}</p>'
        '<section class="card"><form method="post" action="/conversas">'
        f'<input type="hidden" name="numero" value="{number}">{_message_fields()}'
        "<button>Responder</button></form></section>"
    )
    return _page(f"Conversa com +{number}", body, back=True)


def _message_fields() -> str:
    return (
        '<div class="row"><div><label for="texto">Mensagem</label><textarea id="texto" name="texto" rows="2" '
        'maxlength="4096"></textarea></div><div><label for="anexo">Arquivo</label>'
        f'<select id="anexo" name="anexo">{FILES}</select></div></div>'
    )


def _bubble(message: Message, number: str) -> str:
    at = dt.datetime.fromtimestamp(message.at, dt.UTC).astimezone().strftime("%d/%m %H:%M")
    state = f" · {STATES.get(message.state, message.state)}" if message.state else ""
    buttons = "".join(
        '<form method="post" action="/conversas"><input type="hidden" name="numero" '
        f'value="{number}"><button name="botao" value="{escape(one)}">{escape(one)}</button></form>'
        for one in message.buttons
    )
    file = f'<span class="small">[{escape(KINDS.get(message.kind, message.kind))}]</span> ' if message.media_id else ""
    text = f"{file}{escape(message.text)}"
    return f'<div class="bubble {message.direction}">{text}<br><span class="small">{at}{state}</span></div>{buttons}'
