import type { Words } from '../templates.ts';

const parcel = '{% if several %}colis {{nth}} sur {{of}}{% else %}votre colis{% endif %}';

export const fr: Words = {
  greeting: 'Bonjour {{customerName}},',
  itemsHere: 'Articles concernés :',
  carrier: 'Transporteur',
  trackingNumber: 'Numéro de suivi',
  expected: 'Prévu le',
  follow: 'Suivre la commande',
  help: 'Une question ? Écrivez à',
  said: {
    'order.confirmed': {
      subject: 'La commande {{orderNumber}} est confirmée',
      headline: 'La commande {{orderNumber}} est confirmée',
      body: 'Merci de votre commande. Nous vous écrirons dès qu’un transporteur l’aura. Si elle arrive en plusieurs colis, une seule page les montre tous.',
    },
    'order.delayed': {
      subject: 'La commande {{orderNumber}} a du retard',
      headline: 'La commande {{orderNumber}} arrivera plus tard que prévu',
      body: 'Elle a du retard, et nous en sommes désolés. Rien n’est perdu et vous n’avez rien à faire ; la page ci-dessous montre toujours où elle est.',
    },
    'order.cancelled': {
      subject: 'La commande {{orderNumber}} est annulée',
      headline: 'La commande {{orderNumber}} est annulée',
      body: 'Plus rien ne sera expédié. Ce que vous avez payé vous est rendu par le même moyen.',
    },
    'line.backordered': {
      subject: 'Commande {{orderNumber}} : une partie arrivera plus tard',
      headline: 'Une partie de la commande {{orderNumber}} arrivera plus tard',
      body: 'Les articles indiqués ici ne sont pas en stock et partiront dès que possible. Le reste suit son cours.',
    },
    'parcel.shipped': {
      subject: `Commande {{orderNumber}} : ${parcel} est en route`,
      headline: `En route : ${parcel}`,
      body: 'Le transporteur l’a pris en charge.',
    },
    'parcel.out_for_delivery': {
      subject: `Commande {{orderNumber}} : ${parcel} arrive aujourd’hui`,
      headline: `En cours de livraison : ${parcel}`,
      body: 'Le transporteur l’apporte aujourd’hui{% if place != "" %}, depuis {{place}}{% endif %}.',
    },
    'parcel.attempt_failed': {
      subject: `Commande {{orderNumber}} : ${parcel} n’a pas pu être remis`,
      headline: `Non remis : ${parcel}`,
      body: 'Cherchez un avis de passage, ou suivez le colis avec son numéro : en général, le transporteur repasse le jour ouvré suivant ou le garde dans un point de retrait.',
    },
    'parcel.ready_for_pickup': {
      subject: `Commande {{orderNumber}} : ${parcel} est à retirer`,
      headline: `À retirer : ${parcel}`,
      body: '{% if place != "" %}Il vous attend à {{place}}. {% endif %}Munissez-vous d’une pièce d’identité et du numéro de suivi. Un colis est gardé environ une semaine.',
    },
    'parcel.delivered': {
      subject: `Commande {{orderNumber}} : ${parcel} est livré`,
      headline: `Livré : ${parcel}`,
      body: 'Le transporteur indique l’avoir remis. Pas chez vous ? Voyez avec les voisins et devant la porte, et écrivez-nous s’il n’apparaît pas d’ici un jour.',
    },
    'purchase.reminder': {
      subject: 'Rappel : commande {{purchaseNumber}}',
      headline: 'La commande {{purchaseNumber}} vous attend',
      body: 'Nous n’avons pas encore de nouvelles de cette commande. Confirmez-la, dites ce qui n’est pas possible, ou envoyez le numéro de suivi : la page ci-dessous permet les trois.',
    },
  },
};
