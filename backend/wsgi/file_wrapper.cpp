#include "backend/wsgi/file_wrapper.hpp"

#include <linux/magic.h>
#include <structmember.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace bundle {

namespace {

struct FileWrapperObject {
    PyObject_HEAD PyObject* file;
    Py_ssize_t block_size;
};

FileWrapperObject* as_wrapper(PyObject* object) {
    return reinterpret_cast<FileWrapperObject*>(object);
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject* names) {
    static std::array<const char*, 3> parameters = {"filelike", "blksize", nullptr};
    PyObject* file = nullptr;
    Py_ssize_t block_size = 8192;
    if (PyArg_ParseTupleAndKeywords(arguments, names, "O|n:file_wrapper",
                                    const_cast<char**>(parameters.data()), &file, &block_size) == 0)
        return nullptr;
    if (block_size <= 0)
        return PyErr_Format(PyExc_ValueError,
                            "the block size of a file_wrapper must be above 0, not %zd",
                            block_size);
    PyObject* made = type->tp_alloc(type, 0);
    if (made == nullptr) return nullptr;
    Py_INCREF(file);
    as_wrapper(made)->file = file;
    as_wrapper(made)->block_size = block_size;
    return made;
}

// One block; nullptr without an exception at the end of the file.
PyObject* next_block(PyObject* self) {
    FileWrapperObject* wrapper = as_wrapper(self);
    const PyRef read = attribute(wrapper->file, "read");
    const PyRef size(PyLong_FromSsize_t(wrapper->block_size));
    if (!read || !size) return nullptr;
    PyRef block(PyObject_CallOneArg(read.get(), size.get()));
    if (!block) return nullptr;
    const int more = PyObject_IsTrue(block.get());
    return more > 0 ? block.release() : nullptr;
}

// PEP 3333: there is a close() when the file has one.
PyObject* close_of_file(PyObject* self, void*) {
    return attribute(as_wrapper(self)->file, "close").release();
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(as_wrapper(self)->file);
    return 0;
}

void dealloc_wrapper(PyObject* self) {
    PyObject_GC_UnTrack(self);
    Py_XDECREF(as_wrapper(self)->file);
    free_object(self);
}

std::array<PyMemberDef, 3> members = {
    {
     {"filelike", T_OBJECT_EX, offsetof(FileWrapperObject, file), READONLY, nullptr},
     {"blksize", T_PYSSIZET, offsetof(FileWrapperObject, block_size), READONLY, nullptr},
     {},
     }
};

std::array<PyGetSetDef, 2> wrapper_properties = {
    {{"close", close_of_file, nullptr, nullptr, nullptr}, {}}
};

std::array<PyType_Slot, 8> wrapper_slots = {
    {
     {Py_tp_new, reinterpret_cast<void*>(make)},
     {Py_tp_dealloc, reinterpret_cast<void*>(dealloc_wrapper)},
     {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
     {Py_tp_members, members.data()},
     {Py_tp_getset, wrapper_properties.data()},
     {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
     {Py_tp_iternext, reinterpret_cast<void*>(next_block)},
     {},
     }
};

PyType_Spec wrapper_spec = {"bundle.FileWrapper", sizeof(FileWrapperObject), 0,
                            Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
                            wrapper_slots.data()};

bool is_named(PyObject* object, const char* name) {
    return std::strcmp(Py_TYPE(object)->tp_name, name) == 0;
}

// tempfile.NamedTemporaryFile() and Django's File lead every call to a file inside. The proof that
// their bytes are the file's own: what they offer as read() is a method of it.
PyRef owner_of_read(PyObject* file) {
    const bool is_temporary = is_named(file, "_TemporaryFileWrapper");
    const PyRef inner = is_temporary ? attribute(file, "file") : share(file);
    if (!inner) return nullptr;
    const PyRef read = attribute(inner.get(), "read");
    if (!read || !PyCFunction_Check(read.get())) return nullptr;
    return share(PyCFunction_GET_SELF(read.get()));
}

// GzipFile and its like have a fileno() too, and what they read() is not what the descriptor reads.
// So only the plain files of io, by their exact types, are sent by descriptor.
bool is_plain_file(PyObject* file) {
    if (is_named(file, "_io.FileIO")) return true;
    if (!is_named(file, "_io.BufferedReader") && !is_named(file, "_io.BufferedRandom"))
        return false;
    const PyRef raw = attribute(file, "raw");
    return raw && is_named(raw.get(), "_io.FileIO");
}

long long call_for_number(PyObject* file, const char* method) {
    const PyRef number = call_method(file, method);
    return number ? PyLong_AsLongLong(number.get()) : -1;
}

// What the kernel makes up as it is read, in /proc and /sys, has another size than it says, and no
// blocks; a file with holes only has none either.
bool has_its_size(int descriptor, const struct stat& status) {
    if (status.st_blocks > 0) return true;
    struct statfs system {};
    return fstatfs(descriptor, &system) == 0 && system.f_type != PROC_SUPER_MAGIC &&
           system.f_type != SYSFS_MAGIC;
}

std::optional<FilePart> rest_of(PyObject* file) {
    const PyRef flushed = call_method(file, "flush");  // it may have been written to
    const long long descriptor = flushed ? call_for_number(file, "fileno") : -1;
    const long long offset = descriptor < 0 ? -1 : call_for_number(file, "tell");
    struct stat status {};
    if (offset < 0 || ::fstat(static_cast<int>(descriptor), &status) < 0 ||
        !S_ISREG(status.st_mode))
        return std::nullopt;
    if (status.st_size <= offset || !has_its_size(static_cast<int>(descriptor), status))
        return std::nullopt;
    return FilePart{.descriptor = static_cast<int>(descriptor),
                    .offset = static_cast<std::uint64_t>(offset),
                    .length = static_cast<std::uint64_t>(status.st_size - offset),
                    .is_lasting = offset == 0 && status.st_nlink > 0};
}

}  // namespace

PyRef make_file_wrapper_type() { return PyRef(PyType_FromSpec(&wrapper_spec)); }

std::optional<FilePart> file_part(PyObject* file_wrapper) {
    std::optional<FilePart> part;
    PyObject* file = as_wrapper(file_wrapper)->file;
    if (const PyRef plain = owner_of_read(file); plain && is_plain_file(plain.get()))
        part = rest_of(plain.get());
    if (part && is_named(file, "_TemporaryFileWrapper")) part->is_lasting = false;
    PyErr_Clear();
    return part;
}

}  // namespace bundle
