type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined | null | ''> };

/** What was said of some fields: those that say nothing are left out, as the API wants it. */
export const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as Given<Fields>;
