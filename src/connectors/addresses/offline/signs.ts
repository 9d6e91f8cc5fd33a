import type { AddressField } from '#kernel/address';

export const namesOfFields: Readonly<Record<AddressField, string>> = {
  name: 'name',
  company: 'company',
  line1: 'street',
  line2: 'second line',
  city: 'city',
  region: 'state or province',
  postcode: 'postcode',
  country: 'country',
  phone: 'telephone number',
};

/** Post boxes, parcel lockers and military post, as the countries write them. */
const postBoxes =
  /(?:^|[\s,])(?:p\.?\s?o\.?\s?box|post\s?office box|po\s?bx|gpo box|postfach|packstation|postfiliale|paketshop|bo[îi]te postale|b\.?p\.?\s?\d|cs\s?\d{5}|apartado(?: de correos)?|apdo|casella postale|c\.?p\.?\s?\d{1,5}$|caixa postal|postbus|postboks|box \d|skrytka|skr\. poczt|paczkomat|p\.?\s?o\.?\s?přihrádka|а\/я|абонентский ящик|абонентська скринька|p\.?k\.?\s?\d|general delivery|poste restante|bfpo|psc \d|locked bag|private bag|parcel locker)(?![\p{L}])/iu;
export const isPostBox = (text: string): boolean => postBoxes.test(text.slice(0, 200));

export const militaryCities = /^(?:apo|fpo|dpo)$/i;

/** What people type when a form insists. */
export const isPlaceholder = (text: string): boolean =>
  /^(?:n\/?a|none|null|undefined|nil|test|test(?:er|ing)?(?: test)?|asdf+|qwerty?|x{2,}|\.+|-+|_+|\*+|\?+|0+|abc|abcd|foo|bar|unknown|no address|address|street|city|string)$/i.test(
    text.trim(),
  );

export const looksLikeContact = (text: string): boolean =>
  text.length <= 200 && (/[^\s@]+@[^\s@]+\.[a-z]{2,}/i.test(text) || /^\+?[\d\s().-]{9,}$/.test(text) || /https?:\/\//i.test(text));

/** Territories that shops write as states. */
export const territories: Readonly<Record<string, string>> = {
  PR: 'Puerto Rico',
  VI: 'the US Virgin Islands',
  GU: 'Guam',
  AS: 'American Samoa',
  MP: 'the Northern Mariana Islands',
};
