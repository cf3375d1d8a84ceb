/* The catalogue image as read-only data. catalog.sqlite is found through the include
   path of this target (the build folder). Works with gcc and clang, any processor. */
        .section .rodata
        .balign 16
        .hidden weighbridge_catalog_begin
        .hidden weighbridge_catalog_end
        .global weighbridge_catalog_begin
        .global weighbridge_catalog_end
weighbridge_catalog_begin:
        .incbin "catalog.sqlite"
weighbridge_catalog_end:
        .byte 0
        .section .note.GNU-stack,"",%progbits
