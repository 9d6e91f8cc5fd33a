import type { Milestone } from '#kernel/milestones';

/** The fixed words of the page. `{…}` is put in by `say`. */
export interface PageWords {
  title: string;
  order: string;
  steps: readonly [string, string, string, string, string];
  milestones: Readonly<Record<Milestone, string>>;
  /** The one line on top. */
  ordered: string;
  confirmed: string;
  onItsWay: string;
  comesToday: string;
  delivered: string;
  cancelled: string;
  late: string;
  partly: string;
  care: string;
  back: string;
  /** Under it. */
  dateExpected: string;
  dateDelivered: string;
  dateWas: string;
  hintNoScan: string;
  hintAttempt: string;
  hintPickup: string;
  hintDelivered: string;
  hintCare: string;
  parcelOf: string;
  parcel: string;
  stillToCome: string;
  cancelledItems: string;
  history: string;
  noEvents: string;
  carrier: string;
  trackingNumber: string;
  help: string;
  goingTo: string;
  lookUp: string;
  lookUpHint: string;
  orderNumber: string;
  proof: string;
  show: string;
  notFound: string;
  tooMany: string;
  gone: string;
  otherOrder: string;
}

export const say = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));

const en: PageWords = {
  title: 'Where is my order?',
  order: 'Order {number}',
  steps: ['Ordered', 'Confirmed', 'Shipped', 'Out for delivery', 'Delivered'],
  milestones: {
    label_created: 'Label made',
    picked_up: 'Picked up',
    in_transit: 'In transit',
    out_for_delivery: 'Out for delivery',
    ready_for_pickup: 'Ready to be collected',
    attempt_failed: 'Could not be handed over',
    exception: 'Held up',
    returning: 'On its way back',
    delivered: 'Delivered',
    returned: 'Sent back',
    lost: 'Lost',
  },
  ordered: 'We have your order',
  confirmed: 'Your order is being prepared',
  onItsWay: 'Your order is on its way',
  comesToday: 'Your order comes today',
  delivered: 'Your order was delivered',
  cancelled: 'This order was cancelled',
  late: 'Your order takes longer than planned',
  partly: '{done} of {all} parcels delivered',
  care: 'A parcel needs attention',
  back: 'A parcel is on its way back',
  dateExpected: 'Expected',
  dateDelivered: 'Delivered',
  dateWas: 'Planned for',
  hintNoScan: 'The label was made on {date}. Carriers usually scan a parcel within a day.',
  hintAttempt: 'Look for a card of the carrier. Usually it is tried again on the next working day.',
  hintPickup: 'Bring an identity card and the tracking number.',
  hintDelivered: 'Not with you? Look with neighbours and at the door, and write to us if it does not turn up within a day.',
  hintCare: 'We have been told as well and look into it.',
  parcelOf: 'Parcel {nth} of {of}',
  parcel: 'Your parcel',
  stillToCome: 'Still to be sent',
  cancelledItems: 'Cancelled',
  history: 'History',
  noEvents: 'No scan yet',
  carrier: 'Carrier',
  trackingNumber: 'Tracking number',
  help: 'Questions? Write to',
  goingTo: 'Going to {city}',
  lookUp: 'Follow your order',
  lookUpHint: 'Both are in your confirmation mail.',
  orderNumber: 'Order number',
  proof: 'E-mail address or postcode',
  show: 'Show the order',
  notFound: 'There is no order with this number and this e-mail address or postcode. Check both and try again.',
  tooMany: 'That was tried too often. Try again in a quarter of an hour, or use the link in your mail.',
  gone: 'This link is not valid. Use the newest mail about your order, or look it up.',
  otherOrder: 'Another order',
};

const de: PageWords = {
  title: 'Wo ist meine Bestellung?',
  order: 'Bestellung {number}',
  steps: ['Bestellt', 'Bestätigt', 'Verschickt', 'In Zustellung', 'Zugestellt'],
  milestones: {
    label_created: 'Angekündigt',
    picked_up: 'Abgeholt',
    in_transit: 'Unterwegs',
    out_for_delivery: 'In Zustellung',
    ready_for_pickup: 'Abholbereit',
    attempt_failed: 'Nicht übergeben',
    exception: 'Aufgehalten',
    returning: 'Auf dem Rückweg',
    delivered: 'Zugestellt',
    returned: 'Zurückgesandt',
    lost: 'Verloren',
  },
  ordered: 'Wir haben Ihre Bestellung',
  confirmed: 'Ihre Bestellung wird vorbereitet',
  onItsWay: 'Ihre Bestellung ist unterwegs',
  comesToday: 'Ihre Bestellung kommt heute',
  delivered: 'Ihre Bestellung ist zugestellt',
  cancelled: 'Diese Bestellung ist storniert',
  late: 'Ihre Bestellung dauert länger als geplant',
  partly: '{done} von {all} Paketen zugestellt',
  care: 'Ein Paket wird aufgehalten',
  back: 'Ein Paket ist auf dem Rückweg',
  dateExpected: 'Voraussichtlich',
  dateDelivered: 'Zugestellt',
  dateWas: 'Geplant war',
  hintNoScan: 'Angekündigt am {date}. Meist wird ein Paket binnen eines Tages erfasst.',
  hintAttempt: 'Schauen Sie nach einer Karte des Zustellers. Meist wird es am nächsten Werktag wieder versucht.',
  hintPickup: 'Bringen Sie einen Ausweis und die Sendungsnummer mit.',
  hintDelivered:
    'Nicht bei Ihnen? Fragen Sie Nachbarn, schauen Sie an der Tür, und schreiben Sie uns, wenn es nach einem Tag nicht da ist.',
  hintCare: 'Wir wissen davon und kümmern uns darum.',
  parcelOf: 'Paket {nth} von {of}',
  parcel: 'Ihr Paket',
  stillToCome: 'Wird noch verschickt',
  cancelledItems: 'Storniert',
  history: 'Verlauf',
  noEvents: 'Noch nicht erfasst',
  carrier: 'Zusteller',
  trackingNumber: 'Sendungsnummer',
  help: 'Fragen? Schreiben Sie an',
  goingTo: 'Nach {city}',
  lookUp: 'Bestellung verfolgen',
  lookUpHint: 'Beides steht in Ihrer Bestätigung.',
  orderNumber: 'Bestellnummer',
  proof: 'E-Mail-Adresse oder Postleitzahl',
  show: 'Bestellung zeigen',
  notFound:
    'Es gibt keine Bestellung mit dieser Nummer und dieser E-Mail-Adresse oder Postleitzahl. Prüfen Sie beides und versuchen Sie es noch einmal.',
  tooMany: 'Das wurde zu oft versucht. Versuchen Sie es in einer Viertelstunde wieder, oder nehmen Sie den Link in Ihrer E-Mail.',
  gone: 'Dieser Link gilt nicht. Nehmen Sie die neueste E-Mail zu Ihrer Bestellung, oder suchen Sie sie.',
  otherOrder: 'Andere Bestellung',
};

const fr: PageWords = {
  title: 'Où est ma commande ?',
  order: 'Commande {number}',
  steps: ['Commandée', 'Confirmée', 'Expédiée', 'En livraison', 'Livrée'],
  milestones: {
    label_created: 'Étiquette créée',
    picked_up: 'Pris en charge',
    in_transit: 'En transit',
    out_for_delivery: 'En cours de livraison',
    ready_for_pickup: 'À retirer',
    attempt_failed: 'Non remis',
    exception: 'Retenu',
    returning: 'En retour',
    delivered: 'Livré',
    returned: 'Retourné',
    lost: 'Perdu',
  },
  ordered: 'Nous avons votre commande',
  confirmed: 'Votre commande est en préparation',
  onItsWay: 'Votre commande est en route',
  comesToday: 'Votre commande arrive aujourd’hui',
  delivered: 'Votre commande est livrée',
  cancelled: 'Cette commande est annulée',
  late: 'Votre commande arrivera plus tard que prévu',
  partly: '{done} colis livrés sur {all}',
  care: 'Un colis est retenu',
  back: 'Un colis est en retour',
  dateExpected: 'Prévue le',
  dateDelivered: 'Livrée le',
  dateWas: 'Était prévue le',
  hintNoScan: 'Étiquette créée le {date}. Un colis est en général enregistré en un jour.',
  hintAttempt: 'Cherchez un avis de passage. En général, le transporteur repasse le jour ouvré suivant.',
  hintPickup: 'Munissez-vous d’une pièce d’identité et du numéro de suivi.',
  hintDelivered: 'Pas chez vous ? Voyez avec les voisins et devant la porte, et écrivez-nous s’il n’apparaît pas d’ici un jour.',
  hintCare: 'Nous en sommes informés et nous en occupons.',
  parcelOf: 'Colis {nth} sur {of}',
  parcel: 'Votre colis',
  stillToCome: 'Encore à expédier',
  cancelledItems: 'Annulé',
  history: 'Historique',
  noEvents: 'Pas encore enregistré',
  carrier: 'Transporteur',
  trackingNumber: 'Numéro de suivi',
  help: 'Une question ? Écrivez à',
  goingTo: 'Vers {city}',
  lookUp: 'Suivre votre commande',
  lookUpHint: 'Les deux figurent dans votre message de confirmation.',
  orderNumber: 'Numéro de commande',
  proof: 'Adresse e-mail ou code postal',
  show: 'Voir la commande',
  notFound: 'Aucune commande ne porte ce numéro avec cette adresse e-mail ou ce code postal. Vérifiez les deux et réessayez.',
  tooMany: 'Trop d’essais. Réessayez dans un quart d’heure, ou utilisez le lien de votre message.',
  gone: 'Ce lien n’est pas valable. Utilisez le dernier message sur votre commande, ou cherchez-la.',
  otherOrder: 'Autre commande',
};

const es: PageWords = {
  title: '¿Dónde está mi pedido?',
  order: 'Pedido {number}',
  steps: ['Pedido', 'Confirmado', 'Enviado', 'En reparto', 'Entregado'],
  milestones: {
    label_created: 'Etiqueta creada',
    picked_up: 'Recogido',
    in_transit: 'En camino',
    out_for_delivery: 'En reparto',
    ready_for_pickup: 'Listo para recoger',
    attempt_failed: 'No se pudo entregar',
    exception: 'Retenido',
    returning: 'De vuelta',
    delivered: 'Entregado',
    returned: 'Devuelto',
    lost: 'Perdido',
  },
  ordered: 'Tenemos su pedido',
  confirmed: 'Su pedido se está preparando',
  onItsWay: 'Su pedido está en camino',
  comesToday: 'Su pedido llega hoy',
  delivered: 'Su pedido se entregó',
  cancelled: 'Este pedido está cancelado',
  late: 'Su pedido tarda más de lo previsto',
  partly: '{done} de {all} paquetes entregados',
  care: 'Un paquete está retenido',
  back: 'Un paquete está de vuelta',
  dateExpected: 'Previsto',
  dateDelivered: 'Entregado',
  dateWas: 'Estaba previsto',
  hintNoScan: 'La etiqueta se creó el {date}. Un paquete suele registrarse en un día.',
  hintAttempt: 'Busque un aviso del transportista. Suelen intentarlo de nuevo el siguiente día laborable.',
  hintPickup: 'Lleve un documento de identidad y el número de seguimiento.',
  hintDelivered: '¿No lo tiene? Pregunte a los vecinos, mire en la puerta y escríbanos si no aparece en un día.',
  hintCare: 'Lo sabemos y nos ocupamos de ello.',
  parcelOf: 'Paquete {nth} de {of}',
  parcel: 'Su paquete',
  stillToCome: 'Por enviar',
  cancelledItems: 'Cancelado',
  history: 'Historial',
  noEvents: 'Aún sin registrar',
  carrier: 'Transportista',
  trackingNumber: 'Número de seguimiento',
  help: '¿Preguntas? Escriba a',
  goingTo: 'Hacia {city}',
  lookUp: 'Siga su pedido',
  lookUpHint: 'Ambos están en su mensaje de confirmación.',
  orderNumber: 'Número de pedido',
  proof: 'Correo electrónico o código postal',
  show: 'Ver el pedido',
  notFound: 'No hay ningún pedido con ese número y ese correo o código postal. Compruebe ambos e inténtelo de nuevo.',
  tooMany: 'Demasiados intentos. Pruebe dentro de un cuarto de hora o use el enlace de su mensaje.',
  gone: 'Este enlace no es válido. Use el último mensaje sobre su pedido o búsquelo.',
  otherOrder: 'Otro pedido',
};

export const languages = { en, de, fr, es } as const satisfies Readonly<Record<string, PageWords>>;
export type Language = keyof typeof languages;

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);

/** What was asked for by name, else what the browser likes best, else the shop's own. */
export function languageFor(asked: string | undefined, accepted: string | undefined, shops: string): Language {
  if (asked && isLanguage(asked)) return asked;
  const wished = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .map((entry) => {
      const [tag = '', quality = 'q=1'] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      return { language: tag.split('-')[0] ?? '', weight: Number(/^q=([\d.]+)$/.exec(quality)?.[1] ?? 0) };
    })
    .filter(({ language, weight }) => weight > 0 && isLanguage(language))
    .sort((one, other) => other.weight - one.weight);
  const best = wished[0]?.language ?? shops;
  return isLanguage(best) ? best : 'en';
}
