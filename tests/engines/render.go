// Renders pages with Go's html/template; see render.py for what it reads and prints.
package main

import (
	"encoding/json"
	"html/template"
	"os"
	"path/filepath"
	"strings"
)

type job struct {
	Folder string
	Main   string
	Data   map[string]any
}

func render(one job) map[string]string {
	pages, err := template.ParseGlob(filepath.Join(one.Folder, "*"))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	var html strings.Builder
	if err := pages.ExecuteTemplate(&html, one.Main, one.Data); err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]string{"html": html.String()}
}

func main() {
	var jobs []job
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		panic(err)
	}
	given := make([]map[string]string, len(jobs))
	for i, one := range jobs {
		given[i] = render(one)
	}
	if err := json.NewEncoder(os.Stdout).Encode(given); err != nil {
		panic(err)
	}
}
