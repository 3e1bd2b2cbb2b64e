"""What keeps a mailbox from being read (row N10), as its owner is told: a code that stays the same, and a sentence.

Neither holds what the server said, for that may hold anything: names, addresses, what was typed in. Pure.
"""

from __future__ import annotations

ACCOUNT_REFUSED, HOST_PRIVATE, HOST_UNKNOWN = "account_refused", "host_private", "host_unknown"
SERVER_UNREACHED, SERVER_SILENT, SERVER_BUSY = "server_unreached", "server_silent", "server_busy"
TLS_FAILED, CERTIFICATE_REFUSED = "tls_failed", "certificate_refused"
FOLDER_MISSING, QUOTA_EXCEEDED, SERVER_REFUSED = "folder_missing", "quota_exceeded", "server_refused"
MAIL_NOT_GIVEN, ANSWER_UNREADABLE = "mail_not_given", "answer_unreadable"
SECRET_UNREADABLE, USER_INACTIVE = "secret_unstorable", "recipient_inactive"
SENTENCES = {
    ACCOUNT_REFUSED: "O servidor recusou o usuário ou a senha. Informe a senha de novo.",
    HOST_PRIVATE: "O servidor fica numa rede interna, que esta instalação não libera.",
    HOST_UNKNOWN: "O endereço do servidor não foi encontrado.",
    SERVER_UNREACHED: "Não foi possível conectar ao servidor, ou ele encerrou a conexão.",
    SERVER_SILENT: "O servidor não respondeu a tempo.",
    SERVER_BUSY: "O servidor pediu para tentar mais tarde.",
    TLS_FAILED: "A conexão segura (TLS) com o servidor falhou. Confira a porta e a segurança.",
    CERTIFICATE_REFUSED: "O certificado do servidor não é válido para o endereço dele.",
    FOLDER_MISSING: "A pasta não existe na caixa, ou não pode ser aberta.",
    QUOTA_EXCEEDED: "A caixa atingiu um limite do provedor: espaço, conexões ou volume lido.",
    SERVER_REFUSED: "O servidor recusou o pedido de leitura.",
    MAIL_NOT_GIVEN: "O servidor não entrega uma das mensagens; depois de algumas tentativas ela é deixada de lado.",
    ANSWER_UNREADABLE: "A resposta do servidor não pôde ser entendida.",
    SECRET_UNREADABLE: "A senha guardada não pôde ser aberta com a chave desta instalação. Informe a senha de novo.",
    USER_INACTIVE: "O usuário desta caixa está inativo; ela não é lida.",
}


def sentence_of(code: str) -> str:
    """The sentence of a code."""
    return SENTENCES.get(code, SENTENCES[SERVER_REFUSED])
