/** Says what a name of the Oxen name system stands for (mailbox RPC §4.12). */
export interface NameResolver {
  /**
   * @param params as the client gave them: `{"type":0,"name_hash":"<base64>"}`
   * @returns `{"encrypted_value":"<hex>","nonce":"<hex>"}`, or an object without these members when the name is not registered
   * @throws RpcError 400 with the resolver's own text, 502 when its answer cannot be read
   */
  resolve(params: Readonly<Record<string, unknown>>): Promise<object>
}
