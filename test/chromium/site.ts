import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A web site on loopback, which browsers trust as they trust HTTPS. */
export interface Site {
	origin: string;
	close(): Promise<void>;
}

const TYPES: Record<string, string> = { html: "text/html", js: "text/javascript" };

/** @param files what there is, by path */
export async function startSite(files: Record<string, string>): Promise<Site> {
	const server = createServer(({ url = "" }, response) => {
		const content = files[url];
		if (content === undefined) {
			response.writeHead(404).end();
			return;
		}
		const type = TYPES[url.slice(url.lastIndexOf(".") + 1)] ?? "text/html";
		response.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(content);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		origin: `http://localhost:${(server.address() as AddressInfo).port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}
