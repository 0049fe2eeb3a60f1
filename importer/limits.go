package importer

// limits keep memory and time bounded whatever the archive is. They hold
// only for members that an importer opens: an export with 10 GB of videos
// that nobody reads passes.
type limits struct {
	members    int   // entries in an archive
	nameBytes  int64 // all names together
	name       int   // one name
	depth      int   // folders in one name
	duplicates int   // further members of a name that are kept
	member     int64 // unpacked size of one member that is read
	total      int64 // unpacked size of all that is read
	ratio      int64 // unpacked to packed, for members over ratioFree
	ratioFree  int64
	totalFree  int64 // the ratio of everything read counts from here
	nested     int   // zips in zips
	inMemory   int64 // nested zip that is unpacked into memory
	whole      int64 // member that fs.ReadFile reads
	cache      int64 // packed text members of a tar.gz kept in memory
}

var defaultLimits = limits{
	members:    1 << 20,
	nameBytes:  64 << 20,
	name:       4096,
	depth:      64,
	duplicates: 1000,
	member:     64 << 30,
	total:      512 << 30,
	ratio:      250,
	ratioFree:  32 << 20,
	totalFree:  1 << 30,
	nested:     2,
	inMemory:   16 << 20,
	whole:      64 << 20,
	cache:      32 << 20,
}

// Meter is told how far reading is, in bytes. Total is called whenever more
// is known; it sets the sum, and the Adds end at it. Both may come from
// any goroutine.
type Meter interface {
	Total(n int64)
	Add(n int64)
}

// NoMeter is the Meter of those who do not watch.
var NoMeter Meter = noMeter{}

type noMeter struct{}

func (noMeter) Total(int64) {}
func (noMeter) Add(int64)   {}
