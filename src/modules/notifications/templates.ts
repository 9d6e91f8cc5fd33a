/** What a language says: Liquid, with the fields of `MessageData`, `shop`, `date` and `several` (more than one parcel). */
export interface Said {
  subject: string;
  /** One line that tells it all. */
  headline: string;
  /** What it means, and what to do. */
  body: string;
}

export interface Words {
  greeting: string;
  itemsHere: string;
  carrier: string;
  trackingNumber: string;
  expected: string;
  follow: string;
  help: string;
  said: Readonly<Record<string, Said>>;
}

/** The frame of every mail: a table, because mail programs still need one; no picture that is not the shop's own logo. */
export const htmlFrame = `<!doctype html>
<html lang="{{language}}" dir="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{{subject}}</title></head>
<body style="margin:0;background:#f6f7f9;color:#161b22;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div role="main"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #dfe3e8;border-radius:8px"><tr><td style="padding:24px">
{% if logo != '' %}<img src="{{logo}}" alt="{{shop}}" height="32" style="display:block;height:32px;margin:0 0 16px">{% else %}<p style="margin:0 0 16px;font-weight:600;color:{{ink}}">{{shop}}</p>{% endif %}
<h1 style="margin:0 0 12px;font-size:20px;line-height:28px">{{headline}}</h1>
{% if greeting != '' %}<p style="margin:0 0 12px">{{greeting}}</p>{% endif %}
<p style="margin:0 0 16px">{{body}}</p>
{% if items.size > 0 %}<p style="margin:0 0 4px;color:#4b5563">{{words.itemsHere}}</p><ul style="margin:0 0 16px;padding:0 0 0 20px">{% for item in items %}<li>{{item.quantity}} × <bdi>{{item.title}}</bdi></li>{% endfor %}</ul>{% endif %}
{% if trackingNumber != '' %}<p style="margin:0 0 16px;color:#4b5563">{{words.carrier}}: <bdi>{{carrier}}</bdi><br>{{words.trackingNumber}}: <bdi>{{trackingNumber}}</bdi></p>{% endif %}
{% if date != '' %}<p style="margin:0 0 16px"><strong>{{words.expected}}: {{date}}</strong></p>{% endif %}
{% if link != '' %}<p style="margin:0 0 16px"><a href="{{link}}" style="display:inline-block;padding:10px 16px;border-radius:6px;background:{{button}};color:#ffffff;text-decoration:none;font-weight:600">{{words.follow}}</a></p>{% endif %}
{% if support != '' %}<p style="margin:0;color:#4b5563">{{words.help}} <a href="mailto:{{support}}" style="color:{{ink}}">{{support}}</a></p>{% endif %}
</td></tr></table></td></tr></table></div></body></html>
`;

export const textFrame = `{{headline}}

{% if greeting != '' %}{{greeting}}

{% endif %}{{body}}
{% if items.size > 0 %}
{{words.itemsHere}}
{% for item in items %}- {{item.quantity}} x {{item.title}}
{% endfor %}{% endif %}{% if trackingNumber != '' %}
{{words.carrier}}: {{carrier}}
{{words.trackingNumber}}: {{trackingNumber}}
{% endif %}{% if date != '' %}
{{words.expected}}: {{date}}
{% endif %}{% if link != '' %}
{{words.follow}}: {{link}}
{% endif %}
{{shop}}{% if support != '' %}
{{words.help}} {{support}}{% endif %}
`;
