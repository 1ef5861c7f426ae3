/** A URL of HTTP in its parts, as they stand in it: nothing is decoded, folded or taken for another notation. */
export interface HttpUrl {
	scheme: "http" | "https";
	userinfo?: string;
	/** An IPv6 address without its brackets. */
	host: string;
	/** The host, with the port unless it is the scheme's own: the header `Host`. */
	hostHeader: string;
	port: number;
	/** The path and the query. */
	path: string;
}

const DEFAULT_PORTS = { http: "80", https: "443" };

/** Nil if it is none: another scheme, no host. */
export function parseHttpUrl(url: string): HttpUrl | undefined {
	const parts = /^(https?):\/\/(?:([^/?#]*)@)?([^/?#@]*?)(?::(\d*))?([/?][^#]*)?(?:#|$)/is.exec(url);
	const [, scheme, userinfo, address, port = "", rest = ""] = parts ?? [];
	if (scheme === undefined || address === undefined || address === "") return undefined;
	const lower = scheme.toLowerCase() as HttpUrl["scheme"];
	const host = /^\[(.+)\]$/.exec(address)?.[1] ?? address;
	const isDefault = port === "" || port === DEFAULT_PORTS[lower];
	return {
		scheme: lower,
		userinfo,
		host,
		hostHeader: isDefault ? host : `${host}:${port}`,
		port: Number(isDefault ? DEFAULT_PORTS[lower] : port),
		path: rest.startsWith("/") ? rest : `/${rest}`,
	};
}
