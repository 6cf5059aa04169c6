/** A gemeente that exists now (CBS list), with its OIN where the register has one. */
export interface ReferenceMunicipality {
  /** Four digits, table 33. */
  readonly code: string;
  readonly name: string;
  readonly oin: string | undefined;
}

/** A row of the reference list INS (TINSTANT): a court, an institution or a location of the Raad. */
export interface ReferenceInstitution {
  /** Such as `AST095`. */
  readonly code: string;
  readonly name: string;
  readonly oin: string | undefined;
  /** Eight digits, the last day; absent while it exists. */
  readonly ended: string | undefined;
}

/** An organisation of the OIN register. */
export interface ReferenceOrganisation {
  readonly name: string;
  readonly oin: string;
}

/** A gemeentecode of BRP table 33 that ended, and the one code the table gives as its successor. */
export interface EndedMunicipality {
  readonly code: string;
  readonly name: string;
  /** Empty where the table has none. */
  readonly successor: string;
  /** Eight digits, the day on which it no longer existed. */
  readonly ended: string;
}

/** Everything that participants and connection points are made of. */
export interface ReferenceLists {
  readonly municipalities: readonly ReferenceMunicipality[];
  readonly institutions: readonly ReferenceInstitution[];
  readonly organisations: readonly ReferenceOrganisation[];
  readonly ended: readonly EndedMunicipality[];
}
