import { render } from "preact";
import { servicePalette } from "./base/service-palette";
import { Navigation } from "./model/navigation";
import { ServiceColors } from "./model/service-colors";
import { ThemeChoice } from "./model/theme";
import { App } from "./views/app";
import "./views/styles/tokens.css";
import "./views/styles/page.css";
import "./views/styles/controls.css";
import "./views/styles/search.css";
import "./views/styles/trace.css";
import "./views/styles/detail.css";

servicePalette.forEach(({ light, dark }, index) =>
  document.documentElement.style.setProperty(`--service-${index}`, `light-dark(${light}, ${dark})`));

const owners = { navigation: new Navigation(window), theme: new ThemeChoice(window), colors: new ServiceColors() };
render(<App {...owners} />, document.getElementById("app")!);
