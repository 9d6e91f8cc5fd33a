/** A postal address as a shop knows it. Country is ISO 3166-1 alpha-2; region is the code or name the country uses. */
export interface Address {
  name: string;
  company?: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postcode?: string;
  country: string;
  phone?: string;
}
