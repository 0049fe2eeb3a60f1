package main

import (
	"bytes"
	"encoding/binary"
)

// Programs of Go take their randomness on Windows from ProcessPrng of
// bcryptprimitives.dll, which the Wine of Debian 12 does not have yet, and end
// before main without it. forwarder makes a library that hands the call on to
// the function of the same shape in advapi32.dll. It goes into the folder in
// which the smoke test runs Wine, and into no archive.
//
// The file is the smallest that Windows takes for a library: headers and one
// section, which holds the table of exports with a forwarded entry, and no
// code at all.

const (
	prngName   = "bcryptprimitives.dll"
	pageSize   = 0x1000 // of the section in memory
	fileAlign  = 0x200
	exportSize = 40 // of the fixed part of the table
)

func forwarder(dll, export, target string) []byte {
	exports := exportTable(dll, export, target)
	var b bytes.Buffer
	b.WriteString("MZ")
	b.Write(make([]byte, 58))
	put(&b, uint32(0x40)) // where the header proper begins
	b.WriteString("PE\x00\x00")
	put(&b, uint16(0x8664), uint16(1), uint32(0), uint32(0), uint32(0), uint16(240), uint16(0x2022)) // amd64, a library
	put(&b, uint16(0x20b), uint16(0), uint32(0), uint32(fileAlign), uint32(0), uint32(0), uint32(pageSize))
	put(&b, uint64(0x180000000), uint32(pageSize), uint32(fileAlign), uint64(6), uint64(6), uint32(2*pageSize), uint32(fileAlign), uint32(0))
	put(&b, uint16(3), uint16(0x140)) // console; may lie anywhere in memory
	put(&b, uint64(1<<20), uint64(pageSize), uint64(1<<20), uint64(pageSize), uint32(0), uint32(16))
	put(&b, uint32(pageSize), uint32(len(exports)))
	b.Write(make([]byte, 15*8)) // no other tables
	b.WriteString(".edata\x00\x00")
	put(&b, uint32(len(exports)), uint32(pageSize), uint32(fileAlign), uint32(fileAlign), uint32(0), uint32(0), uint32(0), uint32(0x40000040))
	b.Write(make([]byte, fileAlign-b.Len()))
	b.Write(exports)
	b.Write(make([]byte, 2*fileAlign-b.Len()))
	return b.Bytes()
}

// exportTable is the section: the table, then one address, one name, one
// number, and the words that they point to.
func exportTable(dll, export, target string) []byte {
	const addresses, names, numbers = pageSize + exportSize, pageSize + exportSize + 4, pageSize + exportSize + 8
	dllAt := uint32(numbers + 4)
	exportAt := dllAt + uint32(len(dll)) + 1
	targetAt := exportAt + uint32(len(export)) + 1
	var b bytes.Buffer
	put(&b, uint32(0), uint32(0), uint32(0), dllAt, uint32(1), uint32(1), uint32(1), uint32(addresses), uint32(names), uint32(numbers))
	put(&b, targetAt, exportAt, uint32(0))
	b.WriteString(dll + "\x00" + export + "\x00" + target + "\x00")
	return b.Bytes()
}

func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(b, binary.LittleEndian, v) // numbers into memory
	}
}
