// Makes LICENCES.txt of the packages that are in built.js.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"

const packages = ["@codemirror", "@lezer", "@marijn"].flatMap(scope =>
  readdirSync(`node_modules/${scope}`).map(name => `${scope}/${name}`)).concat(["crelt", "style-mod", "w3c-keyname"])
writeFileSync("LICENCES.txt", packages.map(name =>
  `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`).join("\n\n"))
