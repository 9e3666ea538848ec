// Package site writes the page of contrastcheck explore as a static site: files for any web server, under any path. The program computes in the browser, as WebAssembly.
package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"contrastcheck/explore/assets"
	"contrastcheck/internal/files"
)

// Errors of Write.
var (
	// ErrFolder says that a folder is not one that a site can be written to.
	ErrFolder = errors.New("explore: not a folder for a site")
	// ErrToolchain says that the program cannot be built for the browser.
	ErrToolchain = errors.New("explore: no WebAssembly")
)

// Program is the name of the WebAssembly, support that of the script that starts it.
const (
	Program = "contrastcheck.wasm"
	support = "wasm_exec.js"
)

// engine is the package of the WebAssembly.
const engine = "contrastcheck/explore/wasm"

// Write writes the site into a folder, which is made if there is none, or has nothing but an earlier site. It builds the WebAssembly from the source that is in the present folder
// or above it, with the Go toolchain of this machine, and refuses with ErrFolder or ErrToolchain before it writes anything.
func Write(ctx context.Context, folder string) error {
	if err := usable(folder); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "contrastcheck-site-")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrToolchain, err)
	}
	defer os.RemoveAll(work)
	program, err := build(ctx, filepath.Join(work, Program))
	if err != nil {
		return err
	}
	script, err := started(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	all := map[string][]byte{Program: program, support: script}
	for _, name := range names() {
		if all[name], err = assets.Files.ReadFile(name); err != nil {
			panic("explore: the program lacks a file of its page: " + err.Error())
		}
	}
	for name, text := range all {
		if err := files.Write(filepath.Join(folder, name), func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// names are those of the page's files.
func names() (all []string) {
	entries, err := assets.Files.ReadDir(".")
	if err != nil {
		panic("explore: the program has no page: " + err.Error())
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// usable refuses a folder with what is not of a site.
func usable(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %s: expected a folder, found: %w", ErrFolder, folder, files.Reason(err))
	}
	_, earlier := os.Stat(filepath.Join(folder, Program))
	if len(entries) > 0 && earlier != nil {
		return fmt.Errorf("%w: %s: expected a folder that is new, empty or has an earlier site, found %s and no %s", ErrFolder, folder, entries[0].Name(), Program)
	}
	return nil
}

// hot are the packages in which calls are inlined: those where the time is spent. Elsewhere that makes the program an eighth longer to download and no faster.
var hot = []string{"math/...", "gonum.org/v1/gonum/internal/asm/...", "gonum.org/v1/gonum/blas/...", "contrastcheck/solver/term/...", "contrastcheck/oracle/enclosure/...", "contrastcheck/gmm/dd"}

// build compiles the program for the browser.
func build(ctx context.Context, to string) ([]byte, error) {
	arguments := []string{"build", "-trimpath", "-ldflags=-s -w", "-gcflags=all=-l"}
	for _, path := range hot {
		arguments = append(arguments, "-gcflags="+path+"=")
	}
	command := exec.CommandContext(ctx, "go", append(arguments, "-o", to, engine)...)
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if _, err := output(command); err != nil {
		return nil, err
	}
	return os.ReadFile(to)
}

// started is the toolchain's script that starts a program in a browser.
func started(ctx context.Context) ([]byte, error) {
	root, err := output(exec.CommandContext(ctx, "go", "env", "GOROOT"))
	if err != nil {
		return nil, err
	}
	for _, place := range []string{"lib/wasm", "misc/wasm"} { // of Go 1.24 on, and before
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), filepath.FromSlash(place), support))
		if err == nil {
			return text, nil
		}
	}
	return nil, fmt.Errorf("%w: expected %s in the Go toolchain at %s, found none", ErrToolchain, support, bytes.TrimSpace(root))
}

// output runs a command of the toolchain.
func output(command *exec.Cmd) ([]byte, error) {
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("%w: expected the command go, which builds it from source, found none; see https://go.dev/dl", ErrToolchain)
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		return nil, fmt.Errorf("%w: expected the source of contrastcheck in the present folder, found: %w: %s", ErrToolchain, err, first)
	}
	return out, nil
}
