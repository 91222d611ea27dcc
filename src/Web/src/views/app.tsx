import { useEffect } from "preact/hooks";
import { fetchServices } from "../api/clew-api";
import { defaultQuery } from "../model/search-query";
import { Header } from "./header";
import { showHelp, HelpOverlay } from "./help-overlay";
import { useKeys, useLoaded, useSubscription } from "./hooks";
import { OwnersContext, type Owners } from "./owners";
import { Notice } from "./parts/notice";
import { SearchPage } from "./search/search-page";
import { TracePage } from "./trace/trace-page";

export function App(owners: Owners) {
  const { navigation, theme, colors } = owners;
  const route = useSubscription(navigation, () => navigation.route);
  const services = useLoaded("services", fetchServices);
  // Before any page takes colours, so that a service has the same one everywhere; without the list, pages choose as they go.
  if (services.value) colors.addAll(services.value);
  useEffect(() => {
    document.addEventListener("click", navigation.followLink);
    return () => document.removeEventListener("click", navigation.followLink);
  }, [navigation]);
  useKeys({
    "?": showHelp,
    t: () => theme.toggle(),
    "g s": () => navigation.go({ page: "search", query: defaultQuery }),
  });
  if (services.loading && !services.value && !services.error) return null;
  return (
    <OwnersContext.Provider value={owners}>
      <a class="skip-link" href="#main" onClick={skipToMain}>Skip to content</a>
      <Header route={route} />
      <main id="main" tabIndex={-1}>
        {route.page === "search" && <SearchPage query={route.query} services={services.value ?? []} reloadServices={services.reload} />}
        {route.page === "trace" && <TracePage key={route.traceId} traceId={route.traceId} {...(route.span && { span: route.span })} />}
        {route.page === "unknown" && (
          <Notice testId="unknown-page" title={route.traceId === undefined ? "There is nothing at this address" : "This is not a trace id"}>
            {route.traceId === undefined
              ? <p><code>{route.path}</code> is no page of Clew.</p>
              : <p><code>{route.traceId}</code> is not a trace id: one has 32 hexadecimal digits.</p>}
            <p><a class="button primary" href="/search">Search traces</a></p>
          </Notice>
        )}
      </main>
      <HelpOverlay />
    </OwnersContext.Provider>
  );
}

/** By hand, because the fragment of a trace page's address is the selected span. */
function skipToMain(click: Event): void {
  click.preventDefault();
  document.getElementById("main")?.focus();
}
