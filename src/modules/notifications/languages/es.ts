import type { Words } from '../templates.ts';

const parcel = '{% if several %}paquete {{nth}} de {{of}}{% else %}su paquete{% endif %}';

export const es: Words = {
  greeting: 'Hola, {{customerName}}:',
  itemsHere: 'Se trata de:',
  carrier: 'Transportista',
  trackingNumber: 'Número de seguimiento',
  expected: 'Previsto',
  follow: 'Seguir el pedido',
  help: '¿Preguntas? Escriba a',
  said: {
    'order.confirmed': {
      subject: 'El pedido {{orderNumber}} está confirmado',
      headline: 'El pedido {{orderNumber}} está confirmado',
      body: 'Gracias por su pedido. Le escribiremos en cuanto lo tenga un transportista. Si llega en varios paquetes, una sola página los muestra todos.',
    },
    'order.delayed': {
      subject: 'El pedido {{orderNumber}} tarda más',
      headline: 'El pedido {{orderNumber}} tarda más de lo previsto',
      body: 'Se retrasa y lo sentimos. No se ha perdido nada y no tiene que hacer nada; la página de abajo muestra siempre dónde está.',
    },
    'order.cancelled': {
      subject: 'El pedido {{orderNumber}} está cancelado',
      headline: 'El pedido {{orderNumber}} está cancelado',
      body: 'No se enviará nada más. Lo que pagó se le devuelve por el mismo medio.',
    },
    'line.backordered': {
      subject: 'Pedido {{orderNumber}}: una parte llega más tarde',
      headline: 'Una parte del pedido {{orderNumber}} llega más tarde',
      body: 'Lo que aparece aquí no está disponible ahora y se enviará en cuanto lo esté. Lo demás sigue su curso.',
    },
    'parcel.shipped': {
      subject: `Pedido {{orderNumber}}: ${parcel} está en camino`,
      headline: `En camino: ${parcel}`,
      body: 'Lo tiene el transportista.',
    },
    'parcel.out_for_delivery': {
      subject: `Pedido {{orderNumber}}: ${parcel} llega hoy`,
      headline: `En reparto: ${parcel}`,
      body: 'El transportista lo trae hoy{% if place != "" %}, desde {{place}}{% endif %}.',
    },
    'parcel.attempt_failed': {
      subject: `Pedido {{orderNumber}}: ${parcel} no se pudo entregar`,
      headline: `No se pudo entregar: ${parcel}`,
      body: 'Busque un aviso del transportista o siga el paquete con su número: normalmente lo intentan de nuevo el siguiente día laborable o lo guardan en un punto de recogida.',
    },
    'parcel.ready_for_pickup': {
      subject: `Pedido {{orderNumber}}: ${parcel} está listo para recoger`,
      headline: `Listo para recoger: ${parcel}`,
      body: '{% if place != "" %}Está en {{place}}. {% endif %}Lleve un documento de identidad y el número de seguimiento. Lo guardan una semana, más o menos.',
    },
    'parcel.delivered': {
      subject: `Pedido {{orderNumber}}: ${parcel} entregado`,
      headline: `Entregado: ${parcel}`,
      body: 'El transportista indica que lo entregó. ¿No lo tiene? Pregunte a los vecinos, mire en la puerta y escríbanos si no aparece en un día.',
    },
    'purchase.reminder': {
      subject: 'Recordatorio: pedido {{purchaseNumber}}',
      headline: 'El pedido {{purchaseNumber}} le espera',
      body: 'Aún no sabemos nada de este pedido. Confírmelo, diga qué no es posible o envíe el número de seguimiento: la página de abajo permite las tres cosas.',
    },
  },
};
